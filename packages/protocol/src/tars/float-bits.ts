// A DataView for each message would cost more than to read it.

const double = new Float64Array(1);
const float = new Float32Array(double.buffer, 0, 1);
const words = new Int32Array(double.buffer);
/** Which of the two words of a double has its sign: the second, where the low bytes come first. */
const HIGH = highWord();

function highWord(): 0 | 1 {
  double[0] = -1;
  return words[1] === 0 ? 0 : 1;
}

/** The double of these 64 bits. */
export function doubleOf(high: number, low: number): number {
  words[HIGH] = high;
  words[1 - HIGH] = low;
  return double[0] as number;
}

/** The float of these 32 bits. */
export function floatOf(bits: number): number {
  words[0] = bits;
  return float[0] as number;
}
