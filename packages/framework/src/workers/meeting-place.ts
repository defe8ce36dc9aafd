import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set in the environment of a worker until it has read it: the secret of its supervisor, and the folder, behind a space. */
export const MEETING_VARIABLE = 'TARSIER_WORKERS_MEET';

/** Where the workers of one supervisor may meet. */
export interface MeetingPlace {
  /** Path of a folder of theirs alone, which whoever needs it first makes with the mode 0700. Its name cannot be guessed. */
  readonly folder: string;
  /** Known to the supervisor and its workers only. */
  readonly secret: string;
}

const SECRET_BYTES = 32;
const NAME_BYTES = 12;

let place: MeetingPlace | undefined = handedOver();

/** What the supervisor has handed to this worker; taken out of the environment, which programs that a worker starts would inherit. */
function handedOver(): MeetingPlace | undefined {
  const text = process.env[MEETING_VARIABLE];
  delete process.env[MEETING_VARIABLE];
  const [secret = '', ...path] = text?.split(' ') ?? [];
  return secret === '' ? undefined : { secret, folder: path.join(' ') };
}

function randomText(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url');
}

/** The place of the workers of this process; in a worker that of its supervisor. */
export function meetingPlace(): MeetingPlace {
  if (place !== undefined) return place;
  const made: MeetingPlace = {
    folder: join(tmpdir(), `tarsier-${randomText(NAME_BYTES)}`),
    secret: randomText(SECRET_BYTES),
  };
  place = made;
  // The supervisor outlives its workers.
  process.once('exit', () => rmSync(made.folder, { recursive: true, force: true }));
  return made;
}

/** The environment that hands the place to a worker. */
export function meetingVariables(): Record<string, string> {
  const { secret, folder } = meetingPlace();
  return { [MEETING_VARIABLE]: `${secret} ${folder}` };
}
