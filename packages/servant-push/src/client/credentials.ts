import { ByteVector, bytesOf, encodeUtf8, TarsException, type TimeSource } from '@tarsier/protocol';
import { after } from './session-time.js';

/** What proves who a client is, as a token: bytes, or a text for its UTF-8. */
export type Credentials = ByteVector | Uint8Array | ArrayBuffer | string;

/** What the frames of sessions can carry. */
const MAX_BYTES = 65_535;
const NONE = new Uint8Array(0);

/** How a program is asked for them. */
export interface CredentialsQuestion {
  readonly ask: (() => Credentials | Promise<Credentials>) | undefined;
  /** So long it may take, in ms. */
  readonly limitMs: number;
  readonly time: TimeSource;
  /** The object that they are for, in messages. */
  readonly object: string;
}

/**
 * Asks the program for credentials.
 *
 * @returns at once where the program answers at once. Rejects, or throws, `TARSIER_CREDENTIALS` when it fails or takes too long,
 *   `TARSIER_INVALID_ARGUMENT` for what is no bytes, or too many.
 */
export function credentialsOf(question: CredentialsQuestion): Uint8Array | Promise<Uint8Array> {
  const { ask, object } = question;
  if (ask === undefined) return NONE;
  let answer: Credentials | Promise<Credentials>;
  try {
    answer = ask();
  } catch (error) {
    throw failed(object, 'threw', error);
  }
  return answer instanceof Promise ? inTime(question, answer) : bytesOfCredentials(answer, object);
}

async function inTime(
  { time, limitMs, object }: CredentialsQuestion,
  answer: Promise<Credentials>,
): Promise<Uint8Array> {
  let stop: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    stop = after(time, limitMs, () => {
      reject(failed(object, `did not answer within ${limitMs} ms (credentialsMs)`, undefined));
    });
  });
  const given = answer.catch((error: unknown) => {
    throw failed(object, 'rejected', error);
  });
  try {
    return bytesOfCredentials(await Promise.race([given, late]), object);
  } finally {
    stop?.();
  }
}

function failed(object: string, how: string, cause: unknown): TarsException {
  return new TarsException(`${object}: the option credentials of the session ${how}; it is asked again`, {
    code: 'TARSIER_CREDENTIALS',
    cause,
    where: { object },
  });
}

/** @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes, or too many. */
function bytesOfCredentials(credentials: Credentials, object: string): Uint8Array {
  const bytes = typeof credentials === 'string' ? encodeUtf8(credentials) : bytesOf(credentials, 'credentials');
  if (bytes.length <= MAX_BYTES) return bytes instanceof ByteVector ? bytes.data() : bytes;
  throw new TarsException(
    `${object}: the option credentials of the session gave ${bytes.length} bytes; ${MAX_BYTES} are allowed`,
    { code: 'TARSIER_INVALID_ARGUMENT', where: { object, limit: MAX_BYTES } },
  );
}
