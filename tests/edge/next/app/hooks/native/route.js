import * as sdk from 'tencent-im/webhooks';
import { receive } from '../../../hooks.mjs';

export const dynamic = 'force-dynamic';
export const { GET, POST } = receive(sdk);
