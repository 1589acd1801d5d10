/** The types of what calls take and give. */

export type * from 'tencent-im-wasm/types';
