// Iterators over paged calls.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, refused } from './tools.mjs';

async function groups(context, im, count) {
  await control(context, 'reset', {});
  await im.accounts.importAccount({ userId: 'a' });
  const ids = Array.from({ length: count }, (_, at) => `g${at}`);
  for (const groupId of ids) {
    await im.groups.create({ type: 'Public', name: 'group', groupId, ownerAccount: 'a' });
  }
  return ids;
}

async function all(pages, most = Number.POSITIVE_INFINITY) {
  const items = [];
  if (most > 0) {
    for await (const { groupId } of pages) {
      items.push(groupId);
      if (items.length === most) {
        break;
      }
    }
  }
  return items;
}

export const pages = [
  {
    name: 'pages: all items come once, whatever the page size',
    async run(context) {
      const im = clientOf(context);
      const ids = await groups(context, im, 7);
      for (const limit of [1, 2, 3, 7, undefined]) {
        checkEqual((await all(im.groups.iter({ limit }))).sort(), ids, `groups, ${limit} a page`);
        checkEqual(
          (await all(im.groups.iterJoined({ memberAccount: 'a', limit }))).sort(),
          ids,
          `joined, ${limit} a page`,
        );
      }
      const sizes = [];
      for await (const page of im.groups.iter({ limit: 3 }).byPage()) {
        sizes.push(page.groups.length);
      }
      checkEqual(sizes, [3, 3, 1], 'whole pages');
      await im.close();
    },
  },
  {
    name: 'pages: an iteration continues from its cursor at every item, also after leaving its loop',
    async run(context) {
      const im = clientOf(context);
      await groups(context, im, 5);
      const whole = await all(im.groups.iter());
      for (let taken = 0; taken <= 5; taken += 1) {
        const pages = im.groups.iter({ limit: 2 });
        const first = await all(pages, taken);
        const rest = taken === 5 ? [] : await all(im.groups.iter({}, { resume: pages.cursor }));
        checkEqual([...first, ...rest], whole, `after ${taken}`);
      }
      const ended = im.groups.iter();
      await all(ended);
      checkEqual(ended.cursor, undefined, 'after the end');
      checkEqual(await ended.next(), { done: true, value: undefined }, 'after the end');
      await im.close();
    },
  },
  {
    name: 'pages: items that are asked for at the same time come one after the other',
    async run(context) {
      const im = clientOf(context);
      const ids = await groups(context, im, 4);
      const pages = im.groups.iter({ limit: 2 });
      const results = await Promise.all(Array.from({ length: 6 }, () => pages.next()));
      const items = results.filter(({ done }) => !done).map(({ value }) => value.groupId);
      checkEqual(items.sort(), ids, 'items');
      await im.close();
    },
  },
  {
    name: 'pages: a service that goes in circles, bad input and foreign cursors are errors',
    async run(context) {
      const im = clientOf(context);
      await groups(context, im, 3);
      const body = JSON.stringify({ ActionStatus: 'OK', ErrorCode: 0, GroupIdList: [{ GroupId: 'g' }], Next: 5 });
      await control(context, 'faults', [{ kind: 'http_status', status: 200, body, call: 'get_appid_group_list' }]);
      const circle = await refused(context, 'ProtocolError', () => all(im.groups.iter()));
      check(circle.message.includes('repeated a cursor'), circle.message);
      await control(context, 'faults', []);
      const many = await refused(context, 'InvalidInputError', () => all(im.groups.iter({ limit: 'many' })));
      checkEqual(many.path, 'limit', 'path');
      const foreign = im.groups.iter({ limit: 1 });
      await foreign.next();
      for (const resume of ['', 'x', foreign.cursor]) {
        const error = await refused(context, 'InvalidInputError', () =>
          all(im.groups.iterJoined({ memberAccount: 'a' }, { resume })),
        );
        checkEqual(error.path, 'resume', `path of ${resume}`);
      }
      await im.close();
    },
  },
];
