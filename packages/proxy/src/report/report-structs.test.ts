import { decodeStruct, encodeStruct } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { StatPropInfo, StatPropMsgBody, StatPropMsgHead } from './property-f.js';
import { StatMicMsgBody, StatMicMsgHead } from './stat-f.js';

/** Bytes of a short text field: tag and wire type 6, length, UTF-8. */
const text = (tag: number, value: string) => [tag * 16 + 6, value.length, ...Buffer.from(value)];
/** Of an integer: type 12 for 0, 0 for a byte, 1 for two bytes. */
const zero = (tag: number) => [tag * 16 + 12];
const byte = (tag: number, value: number) => [tag * 16, value & 0xff];
const short = (tag: number, value: number) => [tag * 16 + 1, (value >> 8) & 0xff, value & 0xff];

const fields = {
  masterName: 'A.B@1',
  slaveName: 'C.D',
  interfaceName: 'f',
  slaveIp: '10.0.0.1',
  slavePort: 10_000,
  returnValue: -7,
};
const head = StatMicMsgHead.create(fields);
const headBytes = [
  ...text(0, 'A.B@1'),
  ...text(1, 'C.D'),
  ...text(2, 'f'),
  ...text(3, ''),
  ...text(4, '10.0.0.1'),
  ...short(5, 10_000),
  ...byte(6, -7),
];

describe('the structs of StatF', () => {
  it('writes a head as its field table says, without the optional fields that are empty', () => {
    expect([...encodeStruct(StatMicMsgHead, head)]).toEqual(headBytes);
    const inSet = StatMicMsgHead.create({
      ...fields,
      slaveSetName: 'app',
      slaveSetArea: 'sz',
      slaveSetID: '1',
      tarsVersion: '3',
    });
    expect([...encodeStruct(StatMicMsgHead, inSet)]).toEqual([
      ...headBytes,
      ...text(7, 'app'),
      ...text(8, 'sz'),
      ...text(9, '1'),
      ...text(10, '3'),
    ]);
    expect(decodeStruct(StatMicMsgHead, encodeStruct(StatMicMsgHead, inSet))).toEqual(inSet);
  });

  it('writes a body as its field table says', () => {
    const body = StatMicMsgBody.create({
      count: 2,
      execCount: 1,
      intervalCount: new Map([
        [5, 0],
        [500, 2],
      ]),
      totalRspTime: 0x1_0000_0001,
      maxRspTime: 300,
      minRspTime: 100,
    });
    const bytes = [
      ...byte(0, 2),
      ...zero(1),
      ...byte(2, 1),
      // A map: its size as a field 0, then keys as fields 0 and values as fields 1.
      3 * 16 + 8,
      ...byte(0, 2),
      ...byte(0, 5),
      ...zero(1),
      ...short(0, 500),
      ...byte(1, 2),
      // A long of eight bytes.
      4 * 16 + 3,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      1,
      ...short(5, 300),
      ...byte(6, 100),
    ];
    expect([...encodeStruct(StatMicMsgBody, body)]).toEqual(bytes);
    expect(decodeStruct(StatMicMsgBody, Uint8Array.from(bytes))).toEqual(body);
  });

  it('orders heads by their fields', () => {
    const later = [
      { masterName: 'A.C' },
      { slaveName: 'C.E' },
      { interfaceName: 'g' },
      { masterIp: '1' },
      { slaveIp: '10.0.0.2' },
      { slavePort: 10_001 },
      { returnValue: 0 },
      { slaveSetName: 'a' },
      { slaveSetArea: 'a' },
      { slaveSetID: 'a' },
      { tarsVersion: '1' },
    ];
    for (const one of later) {
      const other = StatMicMsgHead.create({ ...fields, ...one });
      expect(StatMicMsgHead.compare(head, other)).toBeLessThan(0);
      expect(StatMicMsgHead.compare(other, head)).toBeGreaterThan(0);
    }
    expect(StatMicMsgHead.compare(head, StatMicMsgHead.create(head))).toBe(0);
  });

  it('goes through JSON', () => {
    const body = StatMicMsgBody.create({ count: 1, totalRspTime: 7, intervalCount: new Map([[5, 1]]) });
    expect(StatMicMsgHead.fromJson(StatMicMsgHead.toJson(head))).toEqual(head);
    expect(StatMicMsgBody.fromJson(StatMicMsgBody.toJson(body))).toEqual(body);
  });
});

describe('the structs of PropertyF', () => {
  const own = { moduleName: 'A.B', propertyName: 'q', iPropertyVer: 2 };
  const property = StatPropMsgHead.create(own);
  const body = StatPropMsgBody.create({ vInfo: [StatPropInfo.create({ policy: 'Sum', value: '3' })] });

  it('writes head and body as their field tables say', () => {
    const bytes = [...text(0, 'A.B'), ...text(1, ''), ...text(2, 'q'), ...byte(7, 2)];
    expect([...encodeStruct(StatPropMsgHead, property)]).toEqual(bytes);
    expect([...encodeStruct(StatPropMsgHead, StatPropMsgHead.create({ ...own, iPropertyVer: 1 }))]).toEqual(
      bytes.slice(0, -2),
    );
    // A list of one struct.
    const list = [9, ...byte(0, 1), 10, ...text(0, 'Sum'), ...text(1, '3'), 11];
    expect([...encodeStruct(StatPropMsgBody, body)]).toEqual(list);
    expect(decodeStruct(StatPropMsgBody, Uint8Array.from(list))).toEqual(body);
    expect(decodeStruct(StatPropMsgHead, Uint8Array.from(bytes))).toEqual(property);
  });

  it('orders heads, and goes through JSON', () => {
    expect(StatPropMsgHead.compare(property, StatPropMsgHead.create({ ...own, propertyName: 'r' }))).toBeLessThan(0);
    expect(StatPropMsgHead.fromJson(StatPropMsgHead.toJson(property))).toEqual(property);
    expect(StatPropMsgBody.fromJson(StatPropMsgBody.toJson(body))).toEqual(body);
  });
});
