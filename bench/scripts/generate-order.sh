#!/bin/sh
# Makes generated/order.js of generated/order.proto. Needs the network.
cd "$(dirname "$0")/../generated" || exit 1
npx --yes --package protobufjs-cli@2.7.1 --package protobufjs@8.8.1 -- \
  pbjs -t static-module -w es6 --no-comments --force-number --no-verify --no-convert --no-delimited --no-typeurl -o order.js order.proto
