import { describe, expect, it } from 'vitest';
import { EndpointParseException } from '../errors/exceptions.js';
import { parseObjectString } from './object-name.js';

describe('parseObjectString', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['App.Server.Obj', 'App.Server.Obj', undefined, []],
    ['Obj', 'Obj', undefined, []],
    [' App.Server.Obj \n', 'App.Server.Obj', undefined, []],
    ['App.Server.Obj#2', 'App.Server.Obj', '2', []],
    ['Obj@tcp -h a -p 1', 'Obj', undefined, ['tcp:a:1']],
    ['Obj @ tcp -h a -p 1 : tcp -h ::1 -p 2', 'Obj', undefined, ['tcp:a:1', 'tcp:::1:2']],
    ['Obj#h@ssl -h tcp.example.com -p 1', 'Obj', 'h', ['ssl:tcp.example.com:1']],
    ['Obj@tcp -h /tmp/a@b#c -p 0', 'Obj', undefined, ['tcp:/tmp/a@b#c:0']],
  ])('takes %j apart', (text, name, hash, keys) => {
    const parsed = parseObjectString(text);
    expect(parsed.name).toBe(name);
    expect(parsed.hash).toBe(hash);
    expect('hash' in parsed).toBe(hash !== undefined);
    expect(parsed.endpoints.map((endpoint) => endpoint.key)).toEqual(keys);
  });

  it.each<[string, number, RegExp]>([
    ['', 0, /expected an object name/],
    ['@tcp -h a -p 1', 0, /expected an object name/],
    ['  #h', 2, /expected an object name/],
    [' App Server', 4, /no white space/],
    ['Obj#a b', 5, /no white space/],
    ['Obj#', 4, /expected a hash after #/],
    ['Obj#@tcp -h a -p 1', 4, /expected a hash after #/],
    ['Obj@', 4, /the list is empty/],
    ['Obj@  ', 4, /the list is empty/],
    ['Obj@tcp -h a -p x', 16, /found "x" at offset 16/],
    ['Obj@tcp -h a -p 1:', 18, /element 2 of the list is empty/],
    ['Obj@tcp -p 1', 4, /expected a host/],
  ])('refuses %j', (text, offset, message) => {
    let caught: unknown;
    try {
      parseObjectString(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EndpointParseException);
    const error = caught as EndpointParseException;
    expect(error.message).toMatch(message);
    expect(error.message).toContain(JSON.stringify(text));
    expect(error.where.offset).toBe(offset);
  });
});
