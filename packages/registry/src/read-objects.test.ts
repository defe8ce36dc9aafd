import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TarsConfig } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { readObjects, readObjectsFile } from './read-objects.js';

function read(text: string): ReturnType<typeof readObjects> {
  return readObjects(TarsConfig.parse(text, { file: 'x.conf' }), 'x.conf');
}

describe('readObjects', () => {
  it('takes endpoints by object', () => {
    const nodes = read(
      '<objects>\nA.B.C = tcp -h 10.0.0.1 -p 1 -t 100:ssl -h 10.0.0.2 -p 2 -v 1 -w 50\nA.B.U = udp -h h -p 3\n</objects>',
    );
    expect(
      nodes.map(({ obj, endpoint: { host, port, istcp, timeout, weight } }) => [
        obj,
        host,
        port,
        istcp,
        timeout,
        weight,
      ]),
    ).toEqual([
      ['A.B.C', '10.0.0.1', 1, 1, 100, -1],
      ['A.B.C', '10.0.0.2', 2, 2, 3000, 50],
      ['A.B.U', 'h', 3, 0, 3000, -1],
    ]);
  });

  it('takes more of each node in a domain of its own', () => {
    const nodes = read(
      '<objects>\n<A.B.C>\n<one>\nendpoint = tcp -h h -p 1\nset = app.sz.1\nstation = sz\nnodename = m1\nactive = n\n</one>\n<two>\nendpoint = tcp -h h -p 2\n</two>\n</A.B.C>\n</objects>',
    );
    expect(nodes).toMatchObject([
      { obj: 'A.B.C', station: 'sz', isActive: false, endpoint: { port: 1, setId: 'app.sz.1', nodeName: 'm1' } },
      { obj: 'A.B.C', station: '', isActive: true, endpoint: { port: 2, setId: '', nodeName: '' } },
    ]);
  });

  it.each([
    ['', 'x.conf has no section <objects>'],
    ['<objects>\nA.B.C = tcp -h h\n</objects>', 'endpoints on tcp, udp or ssl with ports'],
    ['<objects>\nA.B.C = ws -h h -p 1\n</objects>', 'endpoints on tcp, udp or ssl with ports'],
    ['<objects>\nA.B.C = nonsense\n</objects>', 'endpoints on tcp, udp or ssl with ports'],
    ['<objects>\n<A.B.C>\n<n>\nset = app.sz.1\n</n>\n</A.B.C>\n</objects>', 'endpoint'],
    [
      '<objects>\n<A.B.C>\n<n>\nendpoint = tcp -h h -p 1\nset = app\n</n>\n</A.B.C>\n</objects>',
      'expected a set as app.sz.1',
    ],
    [
      '<objects>\n<A.B.C>\n<n>\nendpoint = tcp -h h -p 1\nweight = 3\n</n>\n</A.B.C>\n</objects>',
      'one of the keys endpoint, set,',
    ],
    ['<objects>\n<A.B.C>\n<n>\nendpoint = tcp -h h -p 1\nactive = maybe\n</n>\n</A.B.C>\n</objects>', 'active'],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('reads a file, and says which one cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-objects-'));
    try {
      const file = join(folder, 'objects.conf');
      await writeFile(file, '<objects>\nA.B.C = tcp -h h -p 1\n</objects>\n');
      expect(await readObjectsFile(file)).toMatchObject([{ obj: 'A.B.C', endpoint: { port: 1 } }]);
      await expect(readObjectsFile(join(folder, 'none'))).rejects.toThrow(/none cannot be read: ENOENT/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
