/** Keys of `status` that TARS itself uses. Source: ServantProxy (servant/servant/ServantProxy.h). */
export const StatusKey = {
  DYED_KEY: 'STATUS_DYED_KEY',
  GRID_KEY: 'STATUS_GRID_KEY',
  /** `iRet` of an answer in TUP, as decimal text. */
  RESULT_CODE: 'STATUS_RESULT_CODE',
  /** `sResultDesc` of an answer in TUP. */
  RESULT_DESC: 'STATUS_RESULT_DESC',
  SETNAME_VALUE: 'STATUS_SETNAME_VALUE',
  TRACE_KEY: 'STATUS_TRACE_KEY',
  /** The function of a push. */
  TARS_FUNC: 'TARS_FUNC',
} as const;

/** One of the values of {@link StatusKey}. */
export type StatusKey = (typeof StatusKey)[keyof typeof StatusKey];
