import type { Acceptor, WireHandlers } from '@tarsier/framework';
import { Endpoint } from '@tarsier/protocol';
import { LabError } from '../lab-error.js';
import type { MemoryLink } from '../network/memory-link.js';
import type { MemoryNetwork } from '../network/memory-network.js';
import type { StreamEnd } from '../network/stream-end.js';
import type { PeerEvents, PeerPlace, PeerSocket } from './peer-socket.js';

const CLIENT_IP = '127.0.0.1';

function socketOf(end: StreamEnd): PeerSocket {
  return {
    write: (bytes) => {
      end.write(bytes);
    },
    pause: () => {
      end.pause();
    },
    resume: () => {
      end.resume();
    },
    end: () => {
      end.end();
    },
    close: () => {
      end.endAndDestroy();
    },
    destroy: () => {
      end.destroy();
    },
    reset: () => {
      end.resetAndDestroy();
    },
  };
}

function handlersOf(events: PeerEvents): WireHandlers {
  let failure: Error | undefined;
  return {
    receive: (chunk) => {
      events.data(chunk);
    },
    peerEnded: () => {
      events.ended();
    },
    drained: () => {},
    wireFailed: (error) => {
      failure = error;
    },
    wireClosed: () => {
      events.closed(failure);
    },
  };
}

/** Fake peers on a network in memory; time is that of the network. */
export function memoryPlace(network: MemoryNetwork): PeerPlace {
  return {
    after: (ms, run) => network.time.schedule(ms, run, 'a fake peer'),
    async listen(text, accept) {
      const acceptor: Pick<Acceptor, 'accept' | 'datagram' | 'failed'> & {
        config: Pick<Acceptor['config'], 'endpoint'>;
      } = {
        config: { endpoint: Endpoint.parse(text) },
        // The network gives its own ends.
        accept: (wire) => handlersOf(accept(socketOf(wire as StreamEnd))),
        datagram: () => {},
        failed: () => {},
      };
      // An adapter has a whole configuration; the network asks for the endpoint only.
      const listening = await network.serverTransport.listen(acceptor as Acceptor);
      return { endpoint: listening.endpoint.toString(), close: () => listening.close() };
    },
    connect(text, begin) {
      return new Promise((resolve, reject) => {
        let events: PeerEvents | undefined;
        let failure: Error | undefined;
        const link: MemoryLink = network.open(CLIENT_IP, Endpoint.parse(text), {
          allowsHalfOpen: true,
          connected: () => {
            events = begin(socketOf(link.client));
            resolve();
          },
          receive: (chunk) => events?.data(chunk),
          peerEnded: () => events?.ended(),
          drained: () => {},
          wireFailed: (error) => {
            failure = error;
          },
          wireClosed: () => {
            if (events === undefined) reject(failure ?? new LabError(`the connection to ${text} was given up`));
            else events.closed(failure);
          },
        });
      });
    },
  };
}
