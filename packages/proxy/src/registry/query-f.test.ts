import { decodeStruct, encodeStruct, parseTarsJson, stringifyTarsJson } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { EndpointF } from './endpoint-f.js';
import { QueryF, QueryFProxy } from './query-f.js';
import { LOCATOR, node, RegistryLab } from './registry.testkit.js';

const full = EndpointF.create({
  host: '10.0.0.1',
  port: 1,
  timeout: 2,
  istcp: 1,
  grid: 3,
  groupworkid: 4,
  grouprealid: 5,
  setId: 'a.b.c',
  qos: 6,
  bakFlag: 7,
  weight: 8,
  weightType: 9,
  authType: 10,
  nodeName: 'n',
});

describe('EndpointF', () => {
  it.each([full, new EndpointF()])('is read as it was written, in TARS and in JSON', (value) => {
    expect(decodeStruct(EndpointF, encodeStruct(EndpointF, value))).toEqual(value);
    expect(EndpointF.fromJson(parseTarsJson(stringifyTarsJson(EndpointF.toJson(value))))).toEqual(value);
  });

  it('leaves optional fields out that have their defaults', () => {
    const bytes = encodeStruct(EndpointF, EndpointF.create({ host: 'a', port: 1, istcp: 1 }));
    expect(Buffer.from(bytes).toString('hex')).toBe('06016110012c30014c');
  });
});

describe('QueryFProxy', () => {
  it('asks a registry in each of its ways', async () => {
    const lab = new RegistryLab('n1');
    lab.inactive = [node('n2')];
    const registry = lab.communicator().stringToProxy(QueryFProxy, LOCATOR);
    const found = { _ret: 0, activeEp: [node('n1')], inactiveEp: [node('n2')] };
    expect(await registry.findObjectById4Any('A.B.C')).toEqual(found);
    expect(await registry.findObjectById4All('A.B.C')).toEqual(found);
    expect(await registry.findObjectByIdInSameGroup('A.B.C')).toEqual(found);
    expect(await registry.findObjectByIdInSameStation('A.B.C', 'sz')).toEqual(found);
    expect(await registry.findObjectByIdInSameSet('A.B.C', 'a.b.c')).toEqual(found);
    expect(lab.asked.map(({ sFuncName }) => sFuncName)).toEqual([...QueryF.functions.keys()].slice(1));
  });
});
