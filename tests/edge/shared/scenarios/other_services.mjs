// Moderation, search and operations: every call, with typed results. The emulator has no state for them: it answers with
// every documented field.

import { checkEqual } from '../json.mjs';
import { refused } from '../tools.mjs';
import { checkOutcomes, read, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob'];

/** The types of these values. */
const typesOf = (...values) => values.map((value) => (Array.isArray(value) ? 'list' : typeof value));

export const otherServices = [
  scenario('calls of moderation', USERS, async (im) => {
    const app = { sdkAppId: 1 };
    const text = { auditName: 'C2C', contentType: 'Text', content: 'hi' };
    checkEqual(typesOf((await im.moderation.checkContent(text)).result), ['string'], 'result');
    const contents = [7, 8].map((contentId) => ({ contentId, contentType: 'Text', content: 'hi' }));
    const { results } = await im.moderation.checkContents({ auditName: 'C2C', contents });
    checkEqual(
      results.map(({ contentId, ok }) => [contentId, ok]),
      [
        [7, true],
        [8, true],
      ],
      'results',
    );
    const libraries = await read(im.moderation.iterKeywordLibraries({ ...app, limit: 100 }), 'libName');
    const words = await read(im.moderation.iterKeywords({ ...app, libId: 'l', limit: 100 }), 'content');
    const local = await read(im.moderation.iterLocalKeywords({ ...app, limit: 100 }), 'keyword');
    checkEqual(typesOf(...libraries, ...words, ...local), ['string', 'string', 'string'], 'keywords');
    await im.moderation.addKeywords({ ...app, libId: 'l', keywords: ['bad'] });
    const removed = await im.moderation.removeKeywords({ ...app, libId: 'l', keywords: ['bad'] });
    checkEqual(removed.results[0].keyword, 'bad', 'removed');
    const keyword = { keyword: 'bad', wordType: 1, filterType: 1 };
    await im.moderation.addLocalKeywords({ ...app, keywords: [keyword] });
    await im.moderation.removeLocalKeywords({ ...app, keywords: [{ id: 7 }] });
  }),
  scenario('calls of search', USERS, async (im, context) => {
    const search = { keywords: ['a'], count: 10 };
    checkEqual(typesOf(...(await read(im.search.iterUsers(search), 'userId'))), ['string'], 'users');
    // An id of 64 bits is text, however small.
    const ids = await read(im.search.iterGroups({ ...search, groupTypes: ['Public'] }), 'ownerTinyId');
    checkEqual(typesOf(...ids), ['string'], 'groups');
    checkEqual(typesOf(...(await read(im.search.iterGroupMembers(search), 'nameCard'))), ['string'], 'members');
    const error = await refused(context, 'InvalidInputError', () => im.search.users({ ...search, count: 101 }));
    checkEqual([error.path, error.code], ['count', undefined], 'what is wrong');
  }),
  scenario('calls of operations', USERS, async (im) => {
    const [day] = (await im.operations.getStatistics({ requestFields: ['ActiveUserNum', 'Date'] })).days;
    const [file] = (await im.operations.exportHistory({ chatType: 'C2C', msgTime: '2015120121' })).files;
    const { ips } = await im.operations.listServerIps();
    const got = typesOf(day.activeUserNum, file.url, file.fileSize, ...ips);
    checkEqual(got, ['string', 'string', 'number', 'string'], 'fields');
    const rawUrl = 'https://example.com/a.png';
    checkEqual([await im.operations.banFile({ rawUrl }), await im.operations.unbanFile({ rawUrl })], [{}, {}], 'ban');
    const { files } = await im.operations.signFiles({ files: [{ resourceId: 7, rawUrl }] });
    checkEqual(files[0].resourceId, 7, 'signed');
    checkOutcomes(files, [true], 'signed');
  }),
];
