-- A callback in lists names hundreds of messages, 16 octets of chance each: more than rows have by default before they are
-- packed and cut into pieces elsewhere. Packing them wins nothing (5,300 octets stay 5,300); in the row itself they are one entry instead of five.
ALTER TABLE webhook_attempts ALTER COLUMN message_ids SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE webhook_attempts SET (toast_tuple_target = 8160);
