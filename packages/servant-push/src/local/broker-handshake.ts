import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What either side draws, so that nobody can use again what was said before. */
export const NONCE_BYTES = 32;
/** HMAC-SHA-256. */
const PROOF_BYTES = 32;

/** What a node answers to the nonce of the broker: a nonce of its own, and the proof that it knows the secret. */
export const ANSWER_BYTES: number = NONCE_BYTES + PROOF_BYTES;
/** What the broker answers to that. */
export const CONFIRMATION_BYTES: number = PROOF_BYTES;

/** Nothing but this has come before both sides have proved to each other that they know the secret; it is sent by neither. */
export class BrokerHandshake {
  readonly #secret: string;
  /** What the broker sends first. */
  readonly nonce: Buffer = randomBytes(NONCE_BYTES);

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** What the broker says to an answer; undefined for one of a stranger. */
  confirm(answer: Uint8Array): Buffer | undefined {
    const nonces = Buffer.concat([this.nonce, answer.subarray(0, NONCE_BYTES)]);
    const expected = proof(this.#secret, 'node', nonces);
    if (answer.length !== ANSWER_BYTES || !timingSafeEqual(expected, answer.subarray(NONCE_BYTES))) return undefined;
    return proof(this.#secret, 'broker', nonces);
  }
}

/** The side of a node. */
export class NodeHandshake {
  readonly #secret: string;
  readonly #nonce: Buffer = randomBytes(NONCE_BYTES);
  #nonces: Buffer = Buffer.alloc(0);

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** What a node says to the nonce of a broker. */
  answer(nonce: Uint8Array): Buffer {
    this.#nonces = Buffer.concat([nonce, this.#nonce]);
    return Buffer.concat([this.#nonce, proof(this.#secret, 'node', this.#nonces)]);
  }

  /** Whether whoever listens knows the secret. */
  isConfirmed(confirmation: Uint8Array): boolean {
    return (
      confirmation.length === CONFIRMATION_BYTES &&
      timingSafeEqual(proof(this.#secret, 'broker', this.#nonces), confirmation)
    );
  }
}

function proof(secret: string, side: 'node' | 'broker', nonces: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(side).update(nonces).digest();
}
