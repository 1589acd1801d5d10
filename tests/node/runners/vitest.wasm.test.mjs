import * as sdk from 'tencent-im-wasm';
import { expect, test, vi } from 'vitest';
import { define } from './shared.cjs';

// Without a vm context, fake timers are also those of Node's own fetch, and newer ones wait for setImmediate.
const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'];
const fake = () => (process.env.POOL === 'vmThreads' ? vi.useFakeTimers() : vi.useFakeTimers({ toFake }));

define({ test, expect, timers: { fake, real: () => vi.useRealTimers() } }, sdk);
