/** Diagnoses UserSigs, and signs and reads PrivateMapKeys for TRTC rooms. */

import { encode } from './encode.js';
import type { Native } from './native.js';
import { readAppId, readSecretKey } from './options.js';
import { asked } from './records.js';
import type { UserSigFacts } from './usersig.js';
import { appIfAny, keysIfAny, object, seconds, text, time } from './usersig_arguments.js';

/** What is expected of a UserSig. */
export interface ExplainUserSig {
  /** Secret key of the app, or several. Defaults to `TENCENT_IM_SECRET_KEY`. Without one the signature is not checked. */
  secretKey?: string | readonly string[] | undefined;
  /** The app it should be for. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** The user it should be for. */
  userId?: string | undefined;
  /** The region that it is sent to, such as `singapore`. */
  region?: string | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Diagnosis of a UserSig. */
export interface UserSigExplanation {
  /** Whether the service would accept it. Never true without a key. */
  ok: boolean;
  /** The code that the service would return, if known. */
  code: number | null;
  /** Stable name of the mistake, such as `standard_base64`, or `ok`. */
  mistake: string;
  /** Why it happens. */
  cause: string;
  /** What to do about it. */
  cure: string;
  /** Its contents, if readable, possibly after repair. */
  userSig: UserSigFacts | null;
}

/** Parameters of signing a PrivateMapKey, which admits one user to one TRTC room. */
export interface SignPrivateMapKey {
  /** SDKAppID from the console. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** Secret key of the app. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** The user, 1 to 32 bytes. */
  userId: string;
  /** Lifetime in seconds. */
  expire: number;
  /** The room's number. Pass either this or its name. */
  roomId?: number | undefined;
  /** The room's name. */
  roomName?: string | undefined;
  /** The rights. Defaults to all. */
  privileges?: readonly Privilege[] | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** A right in a room. */
export type Privilege =
  | 'create_room'
  | 'enter_room'
  | 'send_audio'
  | 'receive_audio'
  | 'send_video'
  | 'receive_video'
  | 'send_screen'
  | 'receive_screen'
  | (string & {});

/** Contents of a PrivateMapKey. Only verifying tells whether it is genuine. */
export interface PrivateMapKey {
  /** The user. */
  userId: string;
  /** The app. */
  sdkAppId: number;
  /** The room's number, if it has one. */
  roomId: number | null;
  /** The room's name, if it has one. */
  roomName: string | null;
  /** Last second of its validity, in Unix seconds. */
  expiresAt: number;
  /** The rights. */
  privileges: Privilege[];
}

/** Diagnoses a UserSig. */
export function explainUserSig(
  native: Native,
  userSig: string,
  params: ExplainUserSig | undefined,
): UserSigExplanation {
  const { secretKey, sdkAppId, now, dangerouslyAllowBrowser: _, ...rest } = object(params);
  return run<UserSigExplanation>(native, 'explain_user_sig', {
    ...rest,
    userSig: text('userSig', userSig),
    secretKey: keysIfAny(native, secretKey),
    sdkAppId: appIfAny(native, sdkAppId),
    now: time(now),
  });
}

/** Signs a PrivateMapKey. */
export function signPrivateMapKey(native: Native, params: SignPrivateMapKey): string {
  const { sdkAppId, secretKey, userId, expire, now, dangerouslyAllowBrowser: _, ...rest } = object(params);
  return run<string>(native, 'sign_private_map_key', {
    ...rest,
    sdkAppId: readAppId(native, sdkAppId, params),
    secretKey: readSecretKey(native, secretKey, params),
    userId: text('userId', userId),
    expire: seconds('expire', expire),
    now: time(now),
  });
}

/** Reads a PrivateMapKey without a key. */
export function parsePrivateMapKey(native: Native, privateMapKey: string): PrivateMapKey {
  return run<PrivateMapKey>(native, 'parse_private_map_key', { privateMapKey: text('privateMapKey', privateMapKey) });
}

function run<Result>(native: Native, name: string, params: object): Result {
  const json = encode(params, { kind: 'InvalidInput' });
  return JSON.parse(asked(() => native.userSigTool(name, json))) as Result;
}
