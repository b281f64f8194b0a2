import { Controller, Get, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import {
  type EmailPasswordApi,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  PublicAccess,
  Session,
  SessionContainer,
  SessionGuard,
  SessionRecipe,
  ThirdPartyRecipe,
  type OpenApiOption,
  type Recipe,
} from 'latchkey';
import type { Provider, Type } from '@nestjs/common';
import { startAuthApp, type AuthApp } from '../../support/auth-app.js';
import type { Framework } from '../../support/frameworks.js';

/** A class of its own for every application, since what a document tells of a handler lies on its function. */
function notesController(): Type<object> {
  @Controller('notes')
  class NotesController {
    @Get('mine')
    mine(@Session() session: SessionContainer) {
      return { userId: session.getUserId() };
    }

    @Get('of-anybody')
    @Session({ sessionRequired: false })
    ofAnybody() {
      return {};
    }

    @Get('by-guard')
    @UseGuards(SessionGuard)
    byGuard() {
      return {};
    }

    @Get('open')
    @PublicAccess()
    open() {
      return {};
    }

    @Get('not-marked')
    notMarked() {
      return {};
    }
  }

  return NotesController;
}

export interface DocumentedApp extends AuthApp {
  document: OpenAPIObject;
}

/** An application with every recipe, and its document as its `main.ts` makes it: before it listens. */
export async function startDocumentedApp(
  framework: Framework,
  {
    openApi,
    isGuarded = false,
    recipes = [],
    apis,
  }: { openApi?: OpenApiOption; isGuarded?: boolean; recipes?: Recipe[]; apis?: Type<EmailPasswordApi> } = {},
): Promise<DocumentedApp> {
  const guard: Provider = { provide: APP_GUARD, useExisting: SessionGuard };
  let document: OpenAPIObject | undefined;
  const started = await startAuthApp(framework, {
    auth: {
      openApi,
      recipeList: [
        SessionRecipe.init(),
        EmailPasswordRecipe.init({
          signUpFeature: { formFields: [{ id: 'name', optional: true }] },
          override: { apis },
        }),
        EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
        ThirdPartyRecipe.init({
          providers: [{ thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: 'secret' }] }],
        }),
        ...recipes,
      ],
    },
    application: { controllers: [notesController()], providers: isGuarded ? [guard] : [] },
    configure(app) {
      const base = new DocumentBuilder().setTitle('Notes').addBearerAuth().addCookieAuth('sAccessToken').build();
      document = SwaggerModule.createDocument(app, base);
    },
  });
  return { ...started, document: document! };
}
