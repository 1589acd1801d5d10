// Constructors of message elements.

import { check, checkEqual } from './json.mjs';

function bodyOf(sdk, ...elements) {
  const im = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'a key made up for tests' });
  const params = { toAccount: 'a', msgBody: elements, msgRandom: 1, msgSeq: 1 };
  return JSON.parse(im.prepare('messages.send', params).body).MsgBody;
}

const IMAGE = { uuid: 'u', imageInfo: [{ type: 1, width: 1, height: 2, url: 'https://example.com/a.png' }] };
const VIDEO = {
  videoUrl: 'https://example.com/a.mp4',
  videoUuid: 'v',
  thumbUrl: 'https://example.com/a.png',
  thumbUuid: 't',
  thumbWidth: 1,
  thumbHeight: 2,
};

export const elements = [
  {
    name: 'every element has a constructor',
    run({ sdk }) {
      const { text, location, face, custom, sound, image, file, video, relay } = sdk.elements;
      const body = bodyOf(
        sdk,
        text('hi'),
        location({ latitude: 1.5, longitude: -2, desc: 'here' }),
        face(1, { data: 'x' }),
        custom({ kind: 'order', id: 7 }, { desc: 'an order', ext: [1] }),
        sound({ uuid: 's', url: 'https://example.com/a.mp3', second: 3 }),
        image(IMAGE),
        file({ uuid: 'f', url: 'https://example.com/a.txt', fileName: 'a.txt' }),
        video(VIDEO),
        relay({ title: 't', msgList: [{ fromAccount: 'b', msgBody: [text('inside')] }] }),
      );
      checkEqual(
        body.map((element) => element.MsgType),
        ['Text', 'Location', 'Face', 'Custom', 'Sound', 'Image', 'File', 'VideoFile', 'Relay'].map(
          (tag) => `TIM${tag}Elem`,
        ),
        'tags',
      );
      checkEqual(body[0].MsgContent, { Text: 'hi' }, 'text');
      checkEqual(body[3].MsgContent, { Desc: 'an order', Ext: '[1]', Data: '{"kind":"order","id":7}' }, 'custom');
      checkEqual(body[4].MsgContent.Download_Flag, 2, 'the only value of a flag');
      checkEqual(body[8].MsgContent.MsgList[0].MsgBody[0].MsgContent, { Text: 'inside' }, 'a message inside another');
    },
  },
  {
    name: 'data is written as JSON once; text stays as it is',
    run({ sdk }) {
      const dataOf = (data) => sdk.elements.custom(data).msgContent.data;
      checkEqual(dataOf({ a: '"' }), '{"a":"\\""}', 'an object');
      checkEqual(dataOf('{"a":1}'), '{"a":1}', 'text');
      checkEqual(sdk.elements.offlinePushInfo({ title: 't', ext: { a: 1 } }), { title: 't', ext: '{"a":1}' }, 'push');
      const circular = {};
      circular.self = circular;
      for (const data of [circular, { big: 1n }, () => 1]) {
        try {
          const given = dataOf(data);
          check(typeof data === 'function' && given === data, 'it was taken');
        } catch (error) {
          checkEqual([error.kind, error.path], ['InvalidInput', 'data'], 'facts');
          check(error.cure.includes('written as JSON'), error.cure);
        }
      }
    },
  },
  {
    name: 'an element that this version does not know is sent as it is',
    run({ sdk }) {
      const body = bodyOf(sdk, sdk.elements.other('TIMHologramElem', { Depth: 3 }));
      checkEqual(body, [{ MsgType: 'TIMHologramElem', MsgContent: { Depth: 3 } }], 'body');
    },
  },
];
