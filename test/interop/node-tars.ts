import { type Current, TarsServant } from '@tarsier/framework';
import {
  ByteVector,
  type TarsFunction,
  type TarsInputStream,
  type TarsInterface,
  type TarsOutputStream,
  type TarsStructType,
  tars,
  tarsFunction,
} from '@tarsier/protocol';
import { type TarsCallOptions, TarsProxy } from '@tarsier/proxy';
