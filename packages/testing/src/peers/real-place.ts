import { connect, createServer, type Socket } from 'node:net';
import { Endpoint } from '@tarsier/protocol';
import type { PeerEvents, PeerPlace, PeerSocket } from './peer-socket.js';

function serve(socket: Socket, begin: (socket: PeerSocket) => PeerEvents): void {
  let failure: Error | undefined;
  const events = begin({
    write: (bytes) => {
      socket.write(bytes);
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
    end: () => {
      socket.end();
    },
    close: () => {
      // Both sides: what the other one still sends is answered with a reset.
      socket.end(() => {
        socket.destroy();
      });
    },
    destroy: () => {
      socket.destroy();
    },
    reset: () => {
      socket.resetAndDestroy();
    },
  });
  socket.on('data', (chunk: Buffer) => {
    events.data(chunk);
  });
  socket.on('end', () => {
    events.ended();
  });
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('close', () => {
    events.closed(failure);
  });
}

/** TCP and Unix sockets of this machine, and its clock. */
export const realPlace: PeerPlace = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  listen(text, accept) {
    const { host, port, type } = Endpoint.parse(text);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      serve(socket, accept);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(host.includes('/') ? { path: host } : { host, port }, () => {
        const address = server.address();
        const chosen = address !== null && typeof address === 'object' ? address.port : port;
        resolve({
          endpoint: `${type} -h ${host} -p ${chosen}`,
          close: () => {
            if (server.listening) server.close();
          },
        });
      });
    });
  },
  connect(text, begin) {
    const endpoint = Endpoint.parse(text);
    const { host, port } = endpoint;
    return new Promise((resolve, reject) => {
      const socket = connect({
        ...(endpoint.isUnix ? { path: host } : { host, port, noDelay: true }),
        allowHalfOpen: true,
      });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        serve(socket, begin);
        resolve();
      });
    });
  },
};
