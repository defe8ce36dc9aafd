/**
 * The result codes of TARS, as they travel in `ResponsePacket.iRet`.
 *
 * Negative codes belong to the framework; an application may use positive ones of its own.
 * Source: servant/protocol/servant/BaseF.tars (TarsCpp).
 */
export const ResultCode = {
  TARSSERVERSUCCESS: 0,
  TARSSERVERDECODEERR: -1,
  TARSSERVERENCODEERR: -2,
  TARSSERVERNOFUNCERR: -3,
  TARSSERVERNOSERVANTERR: -4,
  TARSSERVERRESETGRID: -5,
  TARSSERVERQUEUETIMEOUT: -6,
  TARSASYNCCALLTIMEOUT: -7,
  TARSINVOKETIMEOUT: -7,
  TARSPROXYCONNECTERR: -8,
  TARSSERVEROVERLOAD: -9,
  TARSADAPTERNULL: -10,
  TARSINVOKEBYINVALIDESET: -11,
  TARSCLIENTDECODEERR: -12,
  TARSSENDREQUESTERR: -13,
  TARSSERVERUNKNOWNERR: -99,
} as const;

/** One of the values of {@link ResultCode}. */
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];
