/** Connectors, routes and operators over tRPC. */
import { tryConnector } from "#server/domain/delivery/try-connector.ts";
import {
  clearConnectorError,
  listConnectorErrors,
  setConnectorError,
} from "#server/domain/routing/connector-errors.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createHttpConnector } from "#server/domain/routing/create-http-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { deleteConnector } from "#server/domain/routing/delete-connector.ts";
import { deleteRoute } from "#server/domain/routing/delete-route.ts";
import { getHttpConnector } from "#server/domain/routing/get-http-connector.ts";
import * as httpInput from "#server/domain/routing/http-input.ts";
import * as input from "#server/domain/routing/input.ts";
import { getConnector, listConnectors } from "#server/domain/routing/list-connectors.ts";
import { listOperators } from "#server/domain/routing/list-operators.ts";
import { listRoutes } from "#server/domain/routing/list-routes.ts";
import { receiptAddress, renewReceiptAddress } from "#server/domain/routing/receipt-address.ts";
import { updateConnector } from "#server/domain/routing/update-connector.ts";
import { updateHttpConnector } from "#server/domain/routing/update-http-connector.ts";
import { updateRoute } from "#server/domain/routing/update-route.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const routingRouter = router({
  operators: procedure.query(({ ctx }) => listOperators(ctx.caller)),
  connectors: procedure.query(({ ctx }) => listConnectors(ctx.caller)),
  connector: procedure.input(input.connectorById).query(({ ctx, input }) => getConnector(ctx.caller, input)),
  createConnector: procedure
    .input(input.createConnector)
    .mutation(({ ctx, input }) => createConnector(ctx.caller, input)),
  updateConnector: procedure
    .input(input.updateConnector)
    .mutation(({ ctx, input }) => updateConnector(ctx.caller, input)),
  httpConnector: procedure.input(input.connectorById).query(({ ctx, input }) => getHttpConnector(ctx.caller, input)),
  createHttpConnector: procedure
    .input(httpInput.createHttpConnector)
    .mutation(({ ctx, input }) => createHttpConnector(ctx.caller, input)),
  updateHttpConnector: procedure
    .input(httpInput.updateHttpConnector)
    .mutation(({ ctx, input }) => updateHttpConnector(ctx.caller, input)),
  tryConnector: procedure.input(httpInput.tryConnector).mutation(({ ctx, input }) => tryConnector(ctx.caller, input)),
  receiptAddress: procedure.input(input.connectorById).query(({ ctx, input }) => receiptAddress(ctx.caller, input)),
  renewReceiptAddress: procedure
    .input(input.connectorById)
    .mutation(({ ctx, input }) => renewReceiptAddress(ctx.caller, input)),
  deleteConnector: procedure
    .input(input.connectorById)
    .mutation(({ ctx, input }) => deleteConnector(ctx.caller, input)),
  connectorErrors: procedure
    .input(input.connectorById)
    .query(({ ctx, input }) => listConnectorErrors(ctx.caller, input)),
  setConnectorError: procedure
    .input(input.setConnectorError)
    .mutation(({ ctx, input }) => setConnectorError(ctx.caller, input)),
  clearConnectorError: procedure
    .input(input.clearConnectorError)
    .mutation(({ ctx, input }) => clearConnectorError(ctx.caller, input)),
  routes: procedure.query(({ ctx }) => listRoutes(ctx.caller)),
  createRoute: procedure.input(input.createRoute).mutation(({ ctx, input }) => createRoute(ctx.caller, input)),
  updateRoute: procedure.input(input.updateRoute).mutation(({ ctx, input }) => updateRoute(ctx.caller, input)),
  deleteRoute: procedure.input(input.routeById).mutation(({ ctx, input }) => deleteRoute(ctx.caller, input)),
});
