import { type AddressInfo, createServer } from 'node:net';

/** A port that is free: @tars/rpc cannot tell one that the system chose, so it is looked for before. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
