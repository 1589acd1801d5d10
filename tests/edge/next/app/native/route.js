import * as sdk from 'tencent-im';
import { answer } from '../../call.mjs';

export const dynamic = 'force-dynamic';
export const GET = () => answer(sdk);
