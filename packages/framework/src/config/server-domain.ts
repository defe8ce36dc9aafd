/** Where the keys of a server stand, in a configuration of TARS. Each sub-domain is an adapter. */
export const SERVER_DOMAIN = '/tars/application/server';
/** What server and client have in common: the set. */
export const APPLICATION_DOMAIN = '/tars/application';
/** Where the properties of the client side stand. */
export const CLIENT_DOMAIN = '/tars/application/client';
/** The sub-domain of an adapter with a domain for each host name that has a certificate of its own. */
export const HOSTS_DOMAIN = 'sni';
