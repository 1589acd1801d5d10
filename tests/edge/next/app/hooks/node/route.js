import * as sdk from 'tencent-im-wasm/webhooks';
import { receive } from '../../../hooks.mjs';

export const dynamic = 'force-dynamic';
export const { GET, POST } = receive(sdk);
