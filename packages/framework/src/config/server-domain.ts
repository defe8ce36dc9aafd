/** Where the keys of a server stand, in a configuration of TARS. Each sub-domain is an adapter. */
export const SERVER_DOMAIN = '/tars/application/server';
/** Where the properties of the client side stand. */
export const CLIENT_DOMAIN = '/tars/application/client';
