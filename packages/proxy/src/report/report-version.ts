/** Version that reports name; servers take the name of a caller up to the @. A test compares it with package.json. */
export const REPORT_VERSION = '0.1.0';
