// Jest in its default environment, `node`: the packages run in another realm than Node's own modules.

const { define } = require('./shared.cjs');

const timers = { fake: () => jest.useFakeTimers(), real: () => jest.useRealTimers() };

for (const name of ['tencent-im', 'tencent-im-wasm']) {
  describe(name, () => define({ test, expect, timers }, require(name)));
}
