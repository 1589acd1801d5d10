import * as sdk from 'tencent-im';
import { expect, test, vi } from 'vitest';
import { define } from './shared.cjs';

define({ test, expect, timers: { fake: () => vi.useFakeTimers(), real: () => vi.useRealTimers() } }, sdk);
