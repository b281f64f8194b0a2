import type { User } from '../../client/answers.types.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Loading } from '../../elements/loading.js';
import { Id } from '../../elements/tag.js';
import { Time } from '../../elements/time.js';
import { View } from '../../elements/view.js';
import { linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { UserDeletion } from './user-deletion.js';
import { UserLoginMethods } from './user-login-methods.js';
import { UserMetadata } from './user-metadata.js';
import { UserName } from './user-name.js';
import { UserRoles } from './user-roles.js';
import { UserSessions } from './user-sessions.js';
import { contactOf, nameOf } from './user-texts.js';

/** One user: what is known, and all that support may do. */
export function UserView({ userId }: { userId: string }) {
  const { client } = useDashboard();
  const loaded = useLoad((signal) => client.ask<{ user: User }>('/user', { signal, query: { userId } }), [userId]);
  const user = loaded.value?.user;

  return (
    <View
      title={user === undefined ? 'User' : contactOf(user)}
      actions={<Writers>{user !== undefined && <UserDeletion user={user} />}</Writers>}
    >
      <p class="note">
        <a href={linkTo(['users'])}>All users</a> ·{' '}
        <a href={linkTo(['audit'], { userId })}>What was done to this user</a>
      </p>
      <Loading loaded={loaded} lines={8}>
        {({ user }) => (
          <>
            <dl class="facts">
              <dt>Name</dt>
              <dd>
                {nameOf(user) ?? <span class="minor">unknown</span>} <UserName user={user} onChanged={loaded.reload} />
              </dd>
              <dt>User id</dt>
              <dd>
                <Id text={user.id} />
              </dd>
              <dt>Joined</dt>
              <dd>
                <Time ms={user.timeJoined} />
              </dd>
              <dt>Tenants</dt>
              <dd>{user.tenantIds.join(', ')}</dd>
            </dl>
            <UserLoginMethods user={user} onChanged={loaded.reload} />
            <UserSessions userId={user.id} />
            <div class="columns">
              <UserRoles user={user} />
              <UserMetadata userId={user.id} />
            </div>
          </>
        )}
      </Loading>
    </View>
  );
}
