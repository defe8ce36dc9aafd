import { Endpoint, type ReqMessage, TarsException } from '@tarsier/protocol';
import { Communicator, type DispatchCallback } from '@tarsier/proxy';
import { framing } from '../protocol.js';
import { RateChart } from './rate-chart.js';
import { RateMeter } from './rate-meter.js';

const SAMPLE_MS = 250;
const SHOWN_MS = 60_000;
/** The idle time of the server stands in its endpoint (`-t`). */
const BEATS_PER_IDLE_TIME = 6;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

const status = element('status');
const answer = element('answer');
const callButton = element('call').querySelector('button') as HTMLButtonElement;
const wantedRate = element('wanted-rate') as HTMLInputElement;
const meter = new RateMeter(SAMPLE_MS, SHOWN_MS);
const chart = new RateChart(element('chart') as HTMLCanvasElement, SHOWN_MS / SAMPLE_MS);

const endpoint = document.querySelector<HTMLMetaElement>('meta[name=tarsier-endpoint]')?.content ?? '';
const communicator = new Communicator({
  'reconnect-min-interval': 200,
  'reconnect-max-interval': 3000,
  'keep-alive-interval': Math.round(Endpoint.parse(endpoint).timeoutMs / BEATS_PER_IDLE_TIME),
});
const proxy = communicator.stringToProxy(`Example.BrowserPush.WebObj@${endpoint}`);
// Pushes are no sign of life of the page: without a call now and then the server would close it as idle.
proxy.setProtocol({ ...framing.proxyProtocol, keepAliveCallback: beat });

let pushes = 0;
let connects = 0;
let beats = 0;

function show(state: 'connecting' | 'connected' | 'failed', text: string = state): void {
  status.dataset['state'] = state;
  status.textContent = text;
  callButton.disabled = state !== 'connected';
}

async function call(func: string, body: string): Promise<string> {
  const beganMs = performance.now();
  const { sBuffer } = await proxy.rpcCall(proxy.genRequestId(), func, body);
  element('latency').textContent = `${(performance.now() - beganMs).toFixed(1)} ms`;
  return sBuffer.toString();
}

async function beat(): Promise<void> {
  await call('beat', 'beat');
  element('beats').textContent = String(++beats);
}

function tell(text: string, isFailed = false): void {
  answer.textContent = text;
  answer.dataset['failed'] = String(isFailed);
}

async function askForPushes(): Promise<void> {
  element('wanted').textContent = wantedRate.value;
  if (status.dataset['state'] !== 'connected') return;
  try {
    await call('rate', `rate ${wantedRate.value}`);
  } catch (error) {
    tell(TarsException.from(error).message, true);
  }
}

const pushCallback: DispatchCallback = {
  onDispatch(message: ReqMessage) {
    pushes++;
    meter.count();
    element('pushes').textContent = String(pushes);
    element('last').textContent = message.response.sBuffer.toString();
  },
  onConnect() {
    connects++;
    element('connects').textContent = connects === 1 ? 'once' : `${connects} times`;
    show('connected');
    void askForPushes();
  },
  onClose() {
    show('failed', 'connection lost');
  },
};

proxy.setPushCallback(pushCallback);
proxy.on('reconnecting', ({ attempt, delayMs }) => {
  show('failed', `tries again in ${(delayMs / 1000).toFixed(1)} s (${attempt})`);
});

element('call').addEventListener('submit', (event) => {
  event.preventDefault();
  call('echo', (element('body') as HTMLInputElement).value).then(
    (text) => tell(`answered: ${text}`),
    (error: unknown) => tell(TarsException.from(error).message, true),
  );
});
wantedRate.addEventListener('change', () => void askForPushes());
wantedRate.addEventListener('input', () => {
  element('wanted').textContent = wantedRate.value;
});

setInterval(() => {
  element('rate').textContent = String(meter.sample());
  chart.draw(meter.samples);
}, SAMPLE_MS);

show('connecting');
// A push proxy goes on trying by itself; this first attempt only tells why it failed.
proxy.connect().catch((error: unknown) => tell(TarsException.from(error).message, true));
