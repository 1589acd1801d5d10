// The program for Deno and Bun: JSON in on standard input, JSON out on standard output.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import * as webhooks from '../../bindings-wasm/dist/esm/wasm_webhooks/tencent_im_webhooks.js';
import { run } from './app.mjs';

const module = (name) => readFileSync(new URL(`../../bindings-wasm/dist/wasm/${name}.wasm`, import.meta.url));
native.initSync({ module: module('tencent_im') });
webhooks.initSync({ module: module('tencent_im_webhooks') });
const results = await run(sdk, { ...webhooks, ...native }, JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(results), () => process.exit(0));
