/** Tags of objects whose content depends on them, such as message elements. */

declare const unknownTag: unique symbol;

/**
 * A tag that this version does not know: a text like any other. A type of its own, so that after `msgType ===
 * 'TIMTextElem'` only the content of that remains possible.
 */
export type UnknownTag = string & { readonly [unknownTag]: never };
