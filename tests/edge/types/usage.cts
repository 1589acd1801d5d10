// The same by require; never run.

import sdk = require('tencent-im-wasm');
import type { Empty } from 'tencent-im-wasm/types';

const im: sdk.Client = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'key' });
const done: Promise<Empty> = im.accounts.kick({ userId: 'a' });
done.catch((error: unknown) => error instanceof sdk.TransportError && error.httpStatus);
