import { TarsConfig } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { ServerConfig } from '../server-config.js';
import { clientProperties } from './client-properties.js';

const info = { ...ServerConfig, Application: 'T', ServerName: 'S', NodeName: 'm1', DataPath: '/data/' };
const names = { modulename: 'T.S', nodename: 'm1' };

function properties(application: object, client: object = {}, server: object = {}): Record<string, string> {
  return clientProperties(
    TarsConfig.fromObject({ tars: { application: { ...application, client: { ...client }, server: { ...server } } } }),
    info,
  );
}

describe('clientProperties', () => {
  it('are those of the client section, and the names of the server', () => {
    expect(properties({}, { locator: 'x' })).toEqual({ ...names, locator: 'x' });
    expect(properties({}, { modulename: 'other' })).toEqual({ ...names, modulename: 'other' });
  });

  it('keep nodes where the server keeps its data, if it says where', () => {
    expect(properties({}, {}, { datapath: '/data' })).toEqual({ ...names, datapath: '/data/' });
  });

  it('have the set of the application, unless the client has one', () => {
    const set = { enableset: 'y', setdivision: 'app.sz.1' };
    expect(properties(set)).toEqual({ ...names, ...set });
    expect(properties(set, { enableset: 'n' })).toEqual({ ...names, ...set });
    expect(properties(set, { enableset: 'y', setdivision: 'app.sh.1' })).toEqual({
      ...names,
      enableset: 'y',
      setdivision: 'app.sh.1',
    });
  });
});
