// Stands in for the native logger @vscode/spdlog, so that nothing must be compiled. Same surface; one line per call.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const levels = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(_name, file) {
    this.level = levels.indexOf("info");
    this.raw = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.fd = fs.openSync(file, "a");
  }
  write(level, message) {
    if (level < this.level || this.fd === undefined) return;
    fs.writeSync(this.fd, this.raw ? message : `${new Date().toISOString()} [${levels[level]}] ${message}\n`);
  }
  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
  }
}

const createRotatingLogger = async (name, file) => new Logger(name, file);
module.exports = {
  version: 1,
  Logger,
  setLevel() {},
  setFlushOn() {},
  shutdown() {},
  createRotatingLogger,
  createAsyncRotatingLogger: createRotatingLogger,
  createLogger: (_type, name, file) => new Logger(name, file),
};
