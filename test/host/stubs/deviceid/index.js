// Stands in for the native module @vscode/deviceid: the tests need no identity.
"use strict";
exports.getDeviceId = async () => "00000000-0000-4000-8000-000000000000";
