#!/usr/bin/env node
// Prints emotions as the serd daemon hears them: begin or end, label, confidence, start time. Needs nothing but Node.
//
//   Examples/emotions.js [SOCKET]
//
// Connects again when the daemon restarts. It does not ask for windows and does not start a daemon. The lines that it
// reads are explained in Sources/SerdProtocol/PROTOCOL.md.
'use strict';
const net = require('node:net');
const readline = require('node:readline');

const path = process.argv[2] || process.env.SERD_SOCKET || '/run/serd/events.sock';

function follow() {
  const connection = net.createConnection(path);
  connection.on('error', (error) => console.error(`${path}: ${error.code}; trying again`));
  connection.on('close', () => setTimeout(follow, 1000));
  readline.createInterface({ input: connection }).on('line', (line) => {
    const { type, data } = JSON.parse(line);
    if (type === 'emotion') console.log(data.phase, data.label, data.confidence, data.start.utc);
  }).on('error', () => {}); // readline repeats the connection's errors
}

follow();
