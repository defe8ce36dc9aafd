const PADDING = 4;
const LABEL_WIDTH = 34;

/** The next of 10, 20, 50, 100, … that is not below a value: a scale that people can read. */
export function scaleFor(value: number): number {
  let step = 10;
  for (;;) {
    for (const factor of [1, 2, 5]) if (step * factor >= value) return step * factor;
    step *= 10;
  }
}

/** A line over the last minute, newest at the right. */
export class RateChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #capacity: number;

  /** @param capacity how many samples fill the width. */
  constructor(canvas: HTMLCanvasElement, capacity: number) {
    this.#canvas = canvas;
    this.#capacity = capacity;
  }

  draw(samples: readonly number[]): void {
    const canvas = this.#canvas;
    const context = canvas.getContext('2d');
    if (context === null) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    const style = getComputedStyle(canvas);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const top = scaleFor(Math.max(...samples, 1));
    const y = (value: number): number => height - PADDING - (value / top) * (height - 2 * PADDING - 8);

    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.lineWidth = 1;
    for (const value of [0, top / 2, top]) {
      context.strokeStyle = color('--line');
      context.beginPath();
      context.moveTo(0, y(value));
      context.lineTo(width - LABEL_WIDTH, y(value));
      context.stroke();
      context.fillStyle = color('--quiet');
      context.fillText(String(value), width - PADDING, y(value));
    }

    if (samples.length < 2) return;
    const step = (width - LABEL_WIDTH) / (this.#capacity - 1);
    const x = (index: number): number => width - LABEL_WIDTH - (samples.length - 1 - index) * step;
    context.beginPath();
    samples.forEach((value, index) => {
      if (index === 0) context.moveTo(x(0), y(value));
      else context.lineTo(x(index), y(value));
    });
    context.strokeStyle = color('--accent');
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(x(samples.length - 1), y(0));
    context.lineTo(x(0), y(0));
    context.globalAlpha = 0.14;
    context.fillStyle = color('--accent');
    context.fill();
    context.globalAlpha = 1;
  }
}
