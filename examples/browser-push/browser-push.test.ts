import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs, programPath } from '../../test/support/needs.js';
import { endPrograms, RunProgram } from '../run-program.testkit.js';

const script = 'browser-push/dist/server-main.js';
/** Without these Chromium looks for services of its vendor at every start. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Browser;
const pages: Page[] = [];

afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
  await endPrograms();
});

/** Starts the server; resolves with it, its page and the port of its servant. */
async function start(
  port = 0,
  wsPort = 0,
  ...more: string[]
): Promise<{ program: RunProgram; url: string; wsPort: number }> {
  const ports = ['--port', String(port), '--ws-port', String(wsPort), '--tcp-port', '0', ...more];
  const program = new RunProgram(script, ...ports);
  const url = /http:\S+/.exec(await program.until(/^open http/))?.[0] ?? '';
  // It comes from the other one of the two output streams, so it may come later.
  const listening = await program.until(/"endpoint":"ws /);
  return { program, url, wsPort: Number(/-p (\d+)/.exec(listening)?.[1]) };
}

async function open(url: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  pages.push(page);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

const text = (page: Page, id: string) => page.textContent(`#${id}`);

describe('browser-push in Chromium', needs('chromium'), () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: programPath('chromium'), args: flags });
  });

  afterAll(async () => {
    await browser.close();
  });

  it('connects, is pushed to at the rate that it asks for, and draws it', async () => {
    const { url } = await start();
    const { page, errors } = await open(url);
    await expect.poll(() => text(page, 'status'), { timeout: 15_000 }).toBe('connected');
    await expect.poll(async () => Number(await text(page, 'pushes')), { timeout: 15_000 }).toBeGreaterThan(30);
    const rate = Number(await text(page, 'rate'));
    expect(rate).toBeGreaterThan(10);
    expect(rate).toBeLessThan(30);
    expect(await text(page, 'last')).toMatch(/^tick \d+$/);
    // The line of the chart has been drawn in the accent color.
    const drawn = await page.evaluate<number>(`(() => {
      const canvas = document.getElementById('chart');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let coloured = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] > data[i + 2] + 60 && data[i + 3] > 200) coloured++;
      return coloured;
    })()`);
    expect(drawn).toBeGreaterThan(20);
    await page.evaluate(`(() => {
      const slider = document.getElementById('wanted-rate');
      slider.value = '100';
      slider.dispatchEvent(new Event('change'));
    })()`);
    await expect.poll(async () => Number(await text(page, 'rate')), { timeout: 15_000 }).toBeGreaterThan(70);
    expect(errors).toEqual([]);
  });

  it('calls, and shows the answer', async () => {
    const { url } = await start();
    const { page } = await open(url);
    await expect.poll(() => text(page, 'status'), { timeout: 15_000 }).toBe('connected');
    await page.fill('#body', 'grüße');
    await page.click('#call button');
    await expect.poll(() => text(page, 'answer')).toBe('answered: grüße');
    expect(await text(page, 'latency')).toMatch(/^\d+\.\d ms$/);
  });

  it('stays connected when it only listens, and when nothing is pushed, by its heartbeat', async () => {
    const { url } = await start(0, 0, '--idle', '2000');
    const { page, errors } = await open(url);
    await expect.poll(() => text(page, 'status'), { timeout: 15_000 }).toBe('connected');
    const beats = async (): Promise<number> => Number(await text(page, 'beats'));
    await expect.poll(() => text(page, 'last'), { timeout: 15_000 }).toMatch(/^tick/);
    // Six in each idle time: that many are two of them and more.
    await expect.poll(beats, { timeout: 15_000 }).toBeGreaterThan(14);
    await page.evaluate(`(() => {
      const slider = document.getElementById('wanted-rate');
      slider.value = '0';
      slider.dispatchEvent(new Event('change'));
    })()`);
    await expect.poll(beats, { timeout: 15_000 }).toBeGreaterThan(28);
    expect(await text(page, 'connects')).toBe('once');
    expect(errors).toEqual([]);
  });

  it('comes back by itself when the server was away', async () => {
    const first = await start();
    const { page } = await open(first.url);
    await expect.poll(() => text(page, 'status'), { timeout: 15_000 }).toBe('connected');
    first.program.signal('SIGKILL');
    await first.program.ended();
    await expect.poll(() => text(page, 'status'), { timeout: 15_000 }).toMatch(/tries again in/);
    await start(Number(new URL(first.url).port), first.wsPort);
    await expect.poll(() => text(page, 'status'), { timeout: 20_000 }).toBe('connected');
    expect(await text(page, 'connects')).toBe('2 times');
    const before = Number(await text(page, 'pushes'));
    await expect.poll(async () => Number(await text(page, 'pushes')), { timeout: 15_000 }).toBeGreaterThan(before + 5);
  });

  it('is refused when it comes from a foreign origin', async () => {
    const { wsPort } = await start();
    const foreign = await start();
    const { page } = await open(foreign.url);
    const outcome = await page.evaluate<string>(`new Promise((resolve) => {
      const socket = new WebSocket('ws://127.0.0.1:${wsPort}/push');
      socket.onopen = () => resolve('open');
      socket.onclose = ({ code }) => resolve('closed ' + code);
    })`);
    expect(outcome).toBe('closed 1006');
  });
});
