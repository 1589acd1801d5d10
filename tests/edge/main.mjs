// The program for Deno and Bun: JSON in on standard input, JSON out on standard output.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import { run } from './app.mjs';

native.initSync({ module: readFileSync(new URL('../../bindings-wasm/dist/wasm/tencent_im.wasm', import.meta.url)) });
const results = await run(sdk, native, JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(results), () => process.exit(0));
