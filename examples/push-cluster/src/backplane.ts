import { type Backplane, local } from '@tarsier/servant-push';
import { nats } from '@tarsier/servant-push/nats';

/** `local:/path/of/a.sock` or `nats:nats://host:port`. The hub itself does not know the difference. */
export function backplaneOf(text: string): Backplane {
  const [, kind, place = ''] = /^(local|nats):(.+)$/.exec(text) ?? [];
  if (kind === 'nats') return nats({ servers: place });
  if (kind === 'local') return local({ path: place });
  throw new Error(`expected local:PATH or nats:URL, found ${text}`);
}
