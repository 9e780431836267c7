-- Fails a commit when one of these orders is not as it was read: a purchase is written with the COMMIT, and nobody is there
-- any more to look at an answer. Sent behind the lock of the orders' accounts. 40001 = do it again.
CREATE FUNCTION banyan_expect_orders(ids uuid[], versions text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT count(*) FROM orders o JOIN unnest(ids, versions) AS read (id, version)
      ON read.id = o.id AND read.version = o.xmin::text) <> cardinality(ids) THEN
    RAISE EXCEPTION 'An order has changed since it was read.' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
