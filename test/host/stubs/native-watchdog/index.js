// Stands in for the native module that ends the extension host when its parent is gone: the runner ends the process group.
"use strict";
exports.start = () => {};
