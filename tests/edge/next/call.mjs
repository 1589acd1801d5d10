// What every route does: a call, a signature, an error.

/** Answers with what came of it. */
export async function answer({ Client, inspectUserSig, InvalidInputError, TencentImError }) {
  const im = new Client();
  await im.accounts.importAccount({ userId: 'alice' });
  const { results } = await im.accounts.check({ accounts: ['alice'] });
  const refused = await im.accounts.kick({ userId: '' }).catch((error) => error);
  return Response.json([
    results[0].accountStatus,
    inspectUserSig(im.signUserSig('alice')).userId,
    [refused instanceof InvalidInputError, refused instanceof TencentImError, refused.path],
  ]);
}
