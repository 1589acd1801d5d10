// Every group of calls from end to end.

import { communities } from './communities.mjs';
import { directMessages } from './direct_messages.mjs';
import { groupChats } from './group_chats.mjs';
import { officialAccounts } from './official_accounts.mjs';
import { otherServices } from './other_services.mjs';
import { pushes } from './pushes.mjs';
import { relations } from './relations.mjs';
import { users } from './users.mjs';

export const scenarios = [
  ...directMessages,
  ...groupChats,
  ...communities,
  ...relations,
  ...users,
  ...pushes,
  ...officialAccounts,
  ...otherServices,
];
