// The demo's edge worker: imports the accounts that it is sent.

import { Client } from '../../bindings-wasm/dist/esm/entry/workerd.js';
import { importAll } from './import_all.mjs';

let im;

export default {
  async fetch(request, env) {
    im ??= new Client({
      sdkAppId: env.TENCENT_IM_SDK_APP_ID,
      secretKey: env.TENCENT_IM_SECRET_KEY,
      baseUrl: env.TENCENT_IM_BASE_URL,
      rateLimits: false,
    });
    return Response.json(await importAll(im, await request.json()));
  },
};
