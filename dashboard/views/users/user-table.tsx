import type { User } from '../../client/answers.types.js';
import { Tag } from '../../elements/tag.js';
import { Time } from '../../elements/time.js';
import { linkTo } from '../../hooks/place.js';
import { contactOf, methodName, nameOf } from './user-texts.js';

export function UserTable({ users }: { users: User[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col">Signs in by</th>
          <th scope="col">Tenants</th>
          <th scope="col">Joined</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </tbody>
    </table>
  );
}

function UserRow({ user }: { user: User }) {
  const name = nameOf(user);
  const isUnverified = user.loginMethods.some(({ email, verified }) => email !== undefined && !verified);
  return (
    <tr>
      <td>
        <a class="row-link" href={linkTo(['users', user.id])}>
          {contactOf(user)}
        </a>
        {name !== undefined && <span class="minor"> {name}</span>}
      </td>
      <td>
        {[...new Set(user.loginMethods.map(methodName))].map((method) => (
          <Tag key={method}>{method}</Tag>
        ))}
        {isUnverified && <Tag kind="warn">unverified</Tag>}
      </td>
      <td class="minor beside">{user.tenantIds.join(', ')}</td>
      <td class="minor beside">
        <Time ms={user.timeJoined} />
      </td>
    </tr>
  );
}
