// The worker for workerd: JSON in by POST, JSON out.

import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import * as webhooks from '../../bindings-wasm/dist/esm/wasm_webhooks/tencent_im_webhooks.js';
import wasm from '../../bindings-wasm/dist/wasm/tencent_im.wasm';
import webhooksWasm from '../../bindings-wasm/dist/wasm/tencent_im_webhooks.wasm';
import { run } from './app.mjs';

// At the top of the module, where workerd forbids I/O, timers and random numbers.
const im = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'made up' });

export default {
  async fetch(request) {
    im.prepare('accounts.kick', { userId: 'a' });
    native.initSync({ module: wasm });
    webhooks.initSync({ module: webhooksWasm });
    return Response.json(await run(sdk, { ...webhooks, ...native }, await request.json()));
  },
};
