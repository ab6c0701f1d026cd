// Stands in for the native module @vscode/fs-copyfile: plain copies instead of clones.
"use strict";
const fs = require("node:fs");
exports.copyFile = fs.promises.copyFile;
exports.copyFileSync = fs.copyFileSync;
exports.isCloneSupported = async () => false;
