import { Injectable, Module, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import jsonwebtoken from 'jsonwebtoken';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Peer } from './peer.js';

const secret = 'a secret that an application reads from its environment';

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      secretOrKey: secret,
    });
  }

  validate(payload: { sub: string; username: string }) {
    return { userId: payload.sub, username: payload.username };
  }
}

@Module({ imports: [PassportModule], providers: [JwtStrategy] })
class JwtModule {}

/** Signed with a secret, as NestJS's documentation does: the cheapest signature, which knows of no refresh and no end. */
export function passportJwt(): Peer {
  return {
    imports: [JwtModule],
    guard: UseGuards(AuthGuard('jwt')),
    signUp: async () => {
      const token = jsonwebtoken.sign({ sub: 'a', username: 'a' }, secret, { expiresIn: '1h' });
      return { header: { authorization: `Bearer ${token}` } };
    },
  };
}
