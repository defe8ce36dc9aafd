import { describe } from 'vitest';
import { testBackplaneContract } from '../cluster/backplane.contract.testkit.js';
import { LocalBackplane } from './local-backplane.js';

describe('the backplane of one process', () => {
  testBackplaneContract(false, () => ({ make: () => new LocalBackplane() }));
});
