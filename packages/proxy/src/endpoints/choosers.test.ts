import { readFile } from 'node:fs/promises';
import { encodeUtf8 } from '@tarsier/protocol';
import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestNode, testNodes } from './choosing.testkit.js';
import { ConsistentHashChooser } from './consistent-hash-chooser.js';
import { HashChooser } from './hash-chooser.js';
import { consistentHashKey, hashKey } from './hash-key.js';
import { murmur3 } from './murmur3.js';
import { WeightedRoundRobin } from './weighted-round-robin.js';

describe('murmur3', () => {
  // Published with the function: empty input, and texts with seed 0x9747b28c.
  it.each<[string, number, number]>([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('of %j with seed %i', (text, seed, hash) => {
    expect(murmur3(encodeUtf8(text), seed)).toBe(hash);
  });
});

describe('keys', () => {
  it('of hash are integers as they are, low 32 bits, and texts hashed', () => {
    expect([hashKey(7), hashKey(2 ** 32 + 5), hashKey(-1), hashKey(7n)]).toEqual([7, 5, 0xffffffff, 7]);
    expect(hashKey('seven')).toBe(murmur3(encodeUtf8('seven')));
  });

  it('of consistentHash are hashed, and a number is the same as its text', () => {
    expect(consistentHashKey(7)).toBe(consistentHashKey('7'));
    expect(consistentHashKey(7)).toBe(consistentHashKey(7n));
  });
});

describe('WeightedRoundRobin', () => {
  it('chooses each node in proportion over one turn, whatever the weights', () => {
    assert(
      property(array(integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 }), (weights) => {
        const nodes = weights.map((weight, i) => new TestNode(`tcp -h n${i} -p 1 -v 1 -w ${weight}`));
        const chooser = new WeightedRoundRobin();
        const counts = new Map<TestNode, number>();
        const turn = weights.reduce((sum, weight) => sum + weight, 0);
        for (let i = 0; i < turn; i++) {
          const node = chooser.choose(nodes, undefined, 0) as TestNode;
          counts.set(node, (counts.get(node) ?? 0) + 1);
        }
        expect(nodes.map((node) => counts.get(node))).toEqual(weights);
      }),
    );
  });

  it('spreads the choices out', () => {
    const nodes = [new TestNode('tcp -h a -p 1 -v 1 -w 3'), new TestNode('tcp -h b -p 1 -v 1 -w 1')];
    const chooser = new WeightedRoundRobin();
    expect(Array.from({ length: 8 }, () => chooser.choose(nodes, undefined, 0)?.endpoint).join('')).toBe('aabaaaba');
  });

  it('passes over nodes that are not usable or of weight 0, unless there is no other', () => {
    const [a, b, c] = [
      new TestNode('tcp -h a -p 1 -v 1 -w 50', false, 10),
      new TestNode('tcp -h b -p 1 -v 1 -w 1'),
      new TestNode('tcp -h c -p 1 -v 1 -w 0'),
    ];
    const chooser = new WeightedRoundRobin();
    for (let i = 0; i < 5; i++) expect(chooser.choose([a, b, c], undefined, 20)).toBe(b);
    expect(a.probes).toBe(5);
    expect(chooser.choose([a, b, c], new Set([b]), 0)).toBe(c);
    expect(chooser.choose([a, b, c], new Set([b, c]), 0)).toBe(a);
    expect(chooser.choose([a, b, c], new Set([a, b, c]), 0)).toBeUndefined();
  });
});

describe('HashChooser', () => {
  it('takes the node at key mod n of the sorted list, whatever the order of the list', () => {
    const nodes = testNodes(3);
    const shuffled = [nodes[2], nodes[0], nodes[1]] as TestNode[];
    const names = (list: readonly TestNode[]) =>
      [0, 1, 2, 3, 4, 0xffffffff].map((key) => new HashChooser().choose(list, undefined, 0, key)?.endpoint);
    expect(names(nodes)).toEqual(['n0', 'n1', 'n2', 'n0', 'n1', 'n0']);
    expect(names(shuffled)).toEqual(names(nodes));
  });

  it('goes to the others by the same rule while the node is not usable', () => {
    const nodes = testNodes(3);
    const chooser = new HashChooser();
    (nodes[1] as TestNode).isUsable = false;
    expect(chooser.choose(nodes, undefined, 0, 1)?.endpoint).toBe('n2');
    expect(chooser.choose(nodes, undefined, 0, 4)?.endpoint).toBe('n0');
    expect(chooser.choose(nodes, undefined, 0, 3)?.endpoint).toBe('n0');
    expect(nodes[1]?.probes).toBe(2);
  });
});

describe('ConsistentHashChooser', () => {
  const KEYS = 20_000;
  const owners = (nodes: readonly TestNode[]): string[] => {
    const chooser = new ConsistentHashChooser();
    return Array.from(
      { length: KEYS },
      (_, key) => chooser.choose(nodes, undefined, 0, consistentHashKey(key))?.endpoint ?? '',
    );
  };

  it('moves few keys when one of ten nodes leaves, and only those of that node', () => {
    const nodes = testNodes(10);
    const before = owners(nodes);
    for (let gone = 0; gone < 10; gone++) {
      const after = owners(nodes.filter((_, i) => i !== gone));
      const moved = before.filter((owner, key) => owner !== after[key]);
      expect(moved.every((owner) => owner === `n${gone}`)).toBe(true);
      expect(moved.length / KEYS).toBeLessThanOrEqual(0.15);
    }
  });

  it('shares the keys evenly, and does not mind the order of the list', () => {
    const nodes = testNodes(10);
    const all = owners(nodes);
    const shares = nodes.map(({ endpoint }) => all.filter((owner) => owner === endpoint).length / (KEYS / 10));
    expect(Math.max(...shares)).toBeLessThanOrEqual(1.25);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.75);
    expect(owners(nodes.toReversed())).toEqual(all);
  });

  it('tells ports of one host apart, and follows weights', () => {
    const ports = [new TestNode('tcp -h a -p 1'), new TestNode('tcp -h a -p 2')];
    const chooser = new ConsistentHashChooser();
    const seen = new Set(
      Array.from({ length: 100 }, (_, key) => chooser.choose(ports, undefined, 0, consistentHashKey(key))),
    );
    expect(seen.size).toBe(2);
    const weighted = [new TestNode('tcp -h a -p 1 -v 1 -w 100'), new TestNode('tcp -h b -p 1 -v 1 -w 25')];
    const share = owners(weighted).filter((owner) => owner === 'a').length / KEYS;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.9);
  });

  it('passes over nodes that are not usable to the next on the ring', () => {
    const nodes = testNodes(4);
    const chooser = new ConsistentHashChooser();
    const key = consistentHashKey('a key');
    const first = chooser.choose(nodes, undefined, 0, key) as TestNode;
    first.isUsable = false;
    const second = chooser.choose(nodes, undefined, 0, key) as TestNode;
    expect(second).not.toBe(first);
    expect(chooser.choose(nodes, new Set([second]), 0, key)).not.toBe(second);
    for (const node of nodes) node.isUsable = false;
    expect(chooser.choose(nodes, undefined, 0, key)).toBeDefined();
    first.isUsable = true;
    expect(chooser.choose(nodes, undefined, 0, key)).toBe(first);
  });

  it('is the ring that the documentation shows', async () => {
    const page = await readFile(new URL('../../../../docs/reference/consistent-hash.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([^`]+)` +\| (\d+) +\| `([^`]+)` +\|$/gm)];
    const nodes = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((host) => new TestNode(`tcp -h ${host} -p 10099`));
    const chooser = new ConsistentHashChooser();
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const [, key = '', hash, node] of rows) {
      expect(consistentHashKey(key)).toBe(Number(hash));
      expect((chooser.choose(nodes, undefined, 0, consistentHashKey(key)) as TestNode).address.key).toBe(node);
    }
  });
});
